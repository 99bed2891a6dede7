@echo off
rem Removes Porras of this folder for this user: uninstall.cmd [/quiet]. What was recorded stays.
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "menu=%APPDATA%\Microsoft\Windows\Start Menu\Programs\Porras"
set "command=%LOCALAPPDATA%\Microsoft\WindowsApps\porras.cmd"
if not exist "%here%current" goto nothing
if not exist "%here%versions\" goto nothing

rem Windows does not rename a folder that a program runs from.
if exist "%here%versions.removed\" rmdir /s /q "%here%versions.removed" 2>nul
ren "%here%versions" versions.removed 2>nul
if errorlevel 1 goto runs
if exist "%menu%\" rmdir /s /q "%menu%"
if /i "%here%"=="%LOCALAPPDATA%\Programs\Porras\" if exist "%command%" del "%command%"
rmdir /s /q "%here%versions.removed" 2>nul
del "%here%current" "%here%porras.cmd" "%here%Start Porras*.cmd" "%here%install.*" "%here%README.txt" 2>nul
if exist "%here%versions.removed\" goto partly
echo Porras was removed. What was recorded stays in "%LOCALAPPDATA%\porras", or where you keep it.
echo Porras on poistettu. Tallennetut tiedot ovat edelleen kansiossa "%LOCALAPPDATA%\porras".
echo Porras har tagits bort. Det som har sparats finns kvar i "%LOCALAPPDATA%\porras".
if not "%~1"=="/quiet" pause
rem This file goes last, and the folder with it if nothing of anybody else is left there. What a batch
rem has entered it leaves at its end; so whoever stands in that folder is led out only after it.
(goto) 2>nul & del "%~f0" & (rmdir "%~dp0" 2>nul || (cd /d "%SystemRoot%" & rmdir "%~dp0" 2>nul))

:runs
echo Nothing was removed: Porras runs, or a file of it is open. Close it and start uninstall.cmd again.
echo Porrasta ei poistettu: sulje Porras ja aja uninstall.cmd uudelleen.
echo Porras har inte tagits bort: avsluta Porras och starta uninstall.cmd igen.
goto failed

:partly
echo Not all of it could be removed. Close what has "%here%" open and delete that folder.
echo Kaikkea ei voitu poistaa. Sulje ohjelmat, jotka ovat auki, ja poista kansio "%here%".
echo Allt kunde inte tas bort. Avsluta program som har "%here%" i bruk och radera mappen.
goto failed

:nothing
echo Nothing was removed: there is no Porras in "%here%".
echo Porrasta ei poistettu: se ei ole kansiossa "%here%".
echo Inget har tagits bort: Porras finns inte i "%here%".

:failed
if not "%~1"=="/quiet" pause
exit /b 1

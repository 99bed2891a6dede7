@echo off
rem Starts the version of Porras that is in use here: the contract of distribution/launcher/README.md.
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "name="
if exist "%here%current" for /f "usebackq delims=" %%v in ("%here%current") do if not defined name set "name=%%v"

rem Between exclamation marks a value is never read as a command, whatever stands in the file.
setlocal EnableDelayedExpansion
if exist "!here!versions\!name!\python.exe" (endlocal) else (endlocal & set "name=")
if defined name goto start

rem Nothing is changed here: `porras doctor` tells of it, `porras update` puts it right.
set "best=0"
for /f "delims=" %%v in ('dir /b /ad /on "%here%versions" 2^>nul') do call :consider "%%v"
if not defined name goto none
>&2 echo porras: "%here%current" does not name a version that is here; starting %name%. / Alkaa versiosta %name%.
goto start

:consider
set "each=%~1"
set "digit="
for %%d in (0 1 2 3 4 5 6 7 8 9) do if "%each:~0,1%"=="%%d" set "digit=%%d"
if not defined digit exit /b
if not exist "%here%versions\%each%\python.exe" exit /b
set "weight=0"
for /f "tokens=1-3 delims=.-+" %%a in ("%each%") do set /a "weight=%%a*1000000+%%b*1000+%%c" >nul 2>nul
if %weight% LSS %best% exit /b
set "best=%weight%"
set "name=%each%"
exit /b

:none
>&2 echo porras: no version of Porras is whole in "%here%"; install it again. / Porras puuttuu, asenna uudelleen.
exit /b 1

:start
rem A folder `data` that somebody has made here, as on a stick, keeps the store; else it is the user's own.
rem A config file that is named and not there is refused, and most such folders have none.
set "options="
if exist "%here%data\" set options=--db "%here%data\porras.db"
if exist "%here%data\config.toml" set options=%options% --config "%here%data\config.toml"
rem The batch ends before the program begins, so that Ctrl-C does not ask whether to end the batch; and
rem this is the last line, for whatever reads batches and knows no such end.
endlocal & (goto) 2>nul & "%here%versions\%name%\python.exe" -X utf8 -m tui %options% %*

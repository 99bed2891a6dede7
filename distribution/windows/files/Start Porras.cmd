@echo off
rem Opens Porras in Windows Terminal where there is one, else in the console that Windows has for commands.
setlocal EnableExtensions DisableDelayedExpansion
if "%~1"=="here" goto here
where /q wt.exe
if errorlevel 1 (start "Porras" "%ComSpec%" /d /c ""%~f0" here") else (start "" wt.exe --title Porras "%~f0" here)
exit /b

:here
rem A window that closed at once would take the sentence on what is wrong with it.
endlocal & (goto) 2>nul & "%ComSpec%" /d /c ""%~dp0porras.cmd"" || pause

@echo off
rem Opens Porras in the console of older Windows, also where another terminal is usual.
setlocal EnableExtensions DisableDelayedExpansion
if "%~1"=="here" goto here
start "Porras" conhost.exe "%ComSpec%" /d /c ""%~f0" here"
exit /b

:here
rem A larger window has room for a question with its help beside it.
mode con: cols=100 lines=32 >nul
rem A window that closed at once would take the sentence on what is wrong with it.
endlocal & (goto) 2>nul & "%ComSpec%" /d /c ""%~dp0porras.cmd"" || pause

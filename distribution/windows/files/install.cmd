@echo off
rem Installs Porras for this user: install.cmd [/to FOLDER] [/quiet]. It needs no rights and no network.
setlocal EnableExtensions DisableDelayedExpansion
set "python="
for /f "delims=" %%v in ('dir /b /ad /on "%~dp0versions" 2^>nul') do if exist "%~dp0versions\%%v\python.exe" set "python=%~dp0versions\%%v\python.exe"
if not defined python goto damaged
"%python%" -X utf8 "%~dp0install.py" %*
set "status=%errorlevel%"
rem Any other status is not one of ours: Python itself did not get as far as to say a word.
if %status% LEQ 1 if %status% GEQ 0 goto end

:damaged
set "status=1"
echo Nothing was changed: this folder is not whole. Unpack the whole zip again, all of it, and start install.cmd there.
echo Asennus keskeytyi: paketti on vajaa. Pura koko zip uudelleen ja aja install.cmd sen kansiosta.
echo Inget har installerats: paketet saknar filer. Packa upp hela zip-filen igen och starta install.cmd.

:end
if "%~1"=="/quiet" exit /b %status%
if "%~3"=="/quiet" exit /b %status%
pause
exit /b %status%

"""Why a newer package is not put in the place of the one that is installed."""

from __future__ import annotations

from store.errors.base import N_, NothingChanged

_ANOTHER = N_("Get the package again from where it comes from, and compare its sum.")


class UpdateRefused(NothingChanged):
    """The root of all that keeps a package from being installed; the version in use stays."""

    safe = N_("The version in use is as it was, and everything recorded is safe.")


class NotInstalled(UpdateRefused):
    what = N_("This Porras runs from its sources, not from a package.")
    next = N_("Update the sources as they came, or install a package.")


class NotAmongVersions(UpdateRefused):
    """A package that was unpacked by hand has no place for a second version beside it."""

    what = N_("This package lies in {path}, where no second version has a place.")
    next = N_("Run the install script of the newer package; the records stay as they are.")


class BelongsToSystem(NotAmongVersions):
    """A deb or rpm package, which the tools of the system alone put in place and take away."""

    next = N_("Install the package of the version that you want, by {command}.")


class NothingThere(UpdateRefused):
    what = N_("There is nothing at {path}.")
    next = N_("Put the stick in and name its folder, as the system shows it.")


class SumsMissing(UpdateRefused):
    what = N_("In {path} is no list of packages with their sums ({file}).")
    next = N_("Name the folder that holds it, or copy the whole folder of the packages again.")


class NoPackageFits(UpdateRefused):
    what = N_("In {path} is no package of this kind ({kind}, {system}).")
    next = N_("Get the package of the same kind as the one that is installed: porras doctor.")


class PackageUnsigned(UpdateRefused):
    what = N_("Nobody whose word counts here has signed {name}.")
    next = N_(
        "Ask whoever made it for a signed one. If you know where it comes from, --unsigned takes "
        "it after a question."
    )


class SameVersion(UpdateRefused):
    what = N_("Porras {version} is installed, and {path} has nothing newer.")
    next = N_("There is nothing to do. To put a damaged version in place anew, say --again.")


class OlderVersion(UpdateRefused):
    what = N_("Porras {version} is installed; the package in {path} is older: {offered}.")
    next = N_("To go back to the version before, where it still lies here: porras update --back.")


class PackageChanged(UpdateRefused):
    what = N_("The package {path} is not the one whose sum is listed.")
    next = _ANOTHER


class PackageBroken(UpdateRefused):
    what = N_("The package {path} is damaged or only half there.")
    next = _ANOTHER


class PackageUnfit(UpdateRefused):
    """An archive with a way out of its folder, a link, too many or too large files."""

    what = N_("The package {path} holds what no package of Porras holds: {file}")
    next = N_("Do not use it. Tell whoever gave it to you.")


class PackageNotItself(UpdateRefused):
    """The files of a package are not those of its own list."""

    what = N_("The files of {path} are not those of its own list: {file}.")
    next = _ANOTHER


class WrongPackage(UpdateRefused):
    """A package is for another system, of another kind or version than its name says."""

    what = N_("The package {path} is {found}, and {wanted} is needed here.")
    next = N_("Get the package of the same kind as the one that is installed: porras doctor.")


class GlibcTooOld(UpdateRefused):
    what = N_("The package {path} needs glibc {needed} or newer; this computer has {found}.")
    next = N_("Keep the version in use, or update the system of this computer first.")


class PackageDoesNotRun(UpdateRefused):
    """The installer of a package has given up, in its own words."""

    what = N_("The package {path} could not be made to run on this computer: {reason}.")
    next = N_("Keep the version in use, and tell whoever gave you the package.")


class NoRoomToUpdate(UpdateRefused):
    what = N_("The update needs {needed} MB in {path}, and {free} MB are free.")
    next = N_("Make room on this disk, then run the same command again.")


class NoRoomForBackup(UpdateRefused):
    what = N_(
        "A newer Porras begins with a backup of the store. It needs {needed} MB in {path}, and "
        "{free} MB are free."
    )
    next = N_("Make room on this disk, then run the same command again.")


class StickGone(UpdateRefused):
    what = N_("The package {path} cannot be read to its end.")
    next = N_("Put the stick in again, or copy the package again, then run the same command.")


class PackageNotThere(StickGone):
    """The folder stands; a package that its sums name does not lie in it."""

    what = N_("The package {path} is named by the sums, and is not there.")
    next = N_("Copy the whole folder of the packages again, then run the same command.")


class UpdateUnderWay(UpdateRefused):
    what = N_("Somebody else is updating this Porras just now.")
    next = N_("Wait until that has ended, then look at porras doctor.")


class NoOtherVersion(UpdateRefused):
    what = N_("In {path} is no version {name} to go to.")
    next = N_("Look at porras update, which lists the versions that are here.")


class NoVersionBefore(NoOtherVersion):
    """Nothing was ever updated here, so that there is nothing to go back to."""

    what = N_("In {path} is no version before the one in use.")
    next = N_("Install the version before from its own stick; the records stay as they are.")


class VersionDamaged(UpdateRefused):
    what = N_("Version {name} is damaged: {file}.")
    next = N_("Install it again from a package that you have checked.")

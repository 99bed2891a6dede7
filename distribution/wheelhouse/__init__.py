"""The wheelhouse: all wheels in one zip, and what installs them without network and compiler."""

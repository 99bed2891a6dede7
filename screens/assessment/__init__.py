"""The screens of an assessment, in the order in which a nurse meets them."""

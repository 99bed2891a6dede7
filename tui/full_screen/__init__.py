"""The full-screen renderer: shows any page of `screens/` by Textual."""

"""A store in the browser: served on this machine (`serving`), or as files that open without a server (`exporting`)."""

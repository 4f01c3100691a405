"""What MkDocs calls: the package's events and no logic of its own."""

from townsquare.site.events import (  # noqa: F401 — MkDocs finds them by their names
    on_config,
    on_env,
    on_files,
    on_nav,
    on_post_build,
    on_post_page,
    on_post_template,
)

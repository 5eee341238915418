"""database.py CONFIGURATION: makes Sahara's tables as its models have them. Its migrations cannot run on SQLite."""
from sahara.utils import patches

patches.patch_all()

import sys

from oslo_config import cfg
from sahara import config  # noqa: F401, it declares what may stand in the configuration
from sahara.db.sqlalchemy import api

cfg.CONF(["--config-file", sys.argv[1]], project="sahara")
api.setup_db()

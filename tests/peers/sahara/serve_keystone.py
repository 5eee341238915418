"""serve_keystone.py PORT: serves Keystone in one thread, because SQLite takes one writer at a time."""
import sys

port = sys.argv[1]
sys.argv = ["keystone-wsgi-public"]

from keystone.server.wsgi import initialize_public_application
from waitress import serve

serve(initialize_public_application(), listen=f"127.0.0.1:{port}", threads=1)

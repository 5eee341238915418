"""What Sahara does on its instances by SSH, done to files in memory: the instances are none.

An instance with `unreach` in its name cannot be reached.
"""
import collections

import eventlet
from sahara.utils import remote

DELAY = 0.1  # seconds that a command takes
FILES = collections.defaultdict(lambda: collections.defaultdict(str))


class Driver(remote.RemoteDriver):
    def setup_remote(self, engine):
        pass

    def get_type_and_version(self):
        return "memory.1.0"

    def get_remote(self, instance):
        return Instance(instance)

    def get_userdata_template(self):
        return ""


class Instance(remote.Remote):
    def __init__(self, instance):
        self.name, self.files = instance.instance_name, FILES[instance.instance_id]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def reach(self):
        eventlet.sleep(DELAY)
        if "unreach" in self.name:
            raise RuntimeError("the instance does not answer")

    def execute_command(self, cmd, run_as_root=False, get_stderr=False, raise_when_error=True, timeout=300):
        self.reach()
        said = self.files[cmd.split()[-1]] if cmd.startswith("cat ") else ""
        return (0, said, "") if get_stderr else (0, said)

    def get_os_distrib(self):
        return "ubuntu"

    def get_os_version(self):
        return "22.04"

    def get_neutron_info(self, *_):
        return {}

    def get_http_client(self, port, info=None, *_, **__):
        raise NotImplementedError

    def close_http_session(self, port):
        pass

    def read_file_from(self, remote_file, run_as_root=False, timeout=120):
        self.reach()
        return self.files[remote_file]

    def write_file_to(self, remote_file, data, run_as_root=False, timeout=120):
        self.reach()
        self.files[remote_file] = data

    def write_files_to(self, files, run_as_root=False, timeout=120):
        for name, data in files.items():
            self.write_file_to(name, data)

    def append_to_file(self, remote_file, data, run_as_root=False, timeout=120):
        self.write_file_to(remote_file, self.files[remote_file] + data)

    def append_to_files(self, files, run_as_root=False, timeout=120):
        for name, data in files.items():
            self.append_to_file(name, data)

    def prepend_to_file(self, remote_file, data, run_as_root=False, timeout=120):
        self.write_file_to(remote_file, data + self.files[remote_file])

    def replace_remote_string(self, remote_file, old_str, new_str, timeout=120):
        self.write_file_to(remote_file, self.files[remote_file].replace(old_str, new_str))

    def replace_remote_line(self, remote_file, old_line_with_start_string, new_line, timeout=120):
        self.reach()

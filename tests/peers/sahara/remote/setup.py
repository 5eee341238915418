from setuptools import setup

setup(
    name="howdah-remote",
    version="1",
    py_modules=["howdah_remote"],
    entry_points={"sahara.remote": ["memory = howdah_remote:Driver"]},
)

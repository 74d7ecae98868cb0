"""The stack of the compose files, as processes of Docker."""

import json
import os
import shutil
import socket
import subprocess
import time

# Seconds.
START_PATIENCE = 180


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def docker(*arguments, check=True):
    """Runs Docker; what it printed."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        raise RuntimeError(f"docker {' '.join(arguments)}: {done.stderr or done.stdout}")
    return done.stdout.strip()


class Stack:
    """The running stack; a context manager that takes it down with its volumes."""

    def __init__(self, directory):
        self.web_port, self.page_port = free_port(), free_port()
        self._project = f"aisha-trial-{os.getpid()}"
        self._directory = directory
        self._program = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
        self._environment = {
            **os.environ,
            "AISHA_HTTP_PORT": f"127.0.0.1:{self.web_port}",
            "AISHA_SANDBOX_PORT": str(self.page_port),
        }

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            for name in self.containers():
                print(f"── {name}\n{self.log(name, '--tail', '40')}")
        self.compose("down", "--volumes", "--timeout", "25", "--remove-orphans")

    def compose(self, *arguments, check=True):
        """Runs compose over the stack and the sandbox; what it printed."""
        files = ["compose.yaml", "compose.sandbox.yaml"]
        command = [*self._program, "--project-name", self._project]
        for file in files:
            command += ["--file", os.path.join(self._directory, file)]
        done = subprocess.run(
            [*command, *arguments], env=self._environment, capture_output=True, text=True, check=False
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"compose {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def up(self, *arguments):
        """Starts what does not run, and waits until all of it is healthy; how many seconds that took."""
        began = time.monotonic()
        self.compose("up", "--detach", "--no-build", *arguments)
        while time.monotonic() - began < START_PATIENCE:
            states = [self.inspect(name) for name in self.containers()]
            running = [state for state in states if state["State"]["Running"]]
            unwell = [
                state["Name"]
                for state in running
                if state["State"].get("Health", {}).get("Status", "healthy") != "healthy"
            ]
            if running and not unwell:
                return time.monotonic() - began
            time.sleep(0.5)
        raise RuntimeError(f"not healthy after {START_PATIENCE} s: {unwell}")

    def containers(self, service=None, running=False):
        """The names of the containers of one service, or of all."""
        arguments = ["ps", "--format", "{{.Names}}", "--filter", f"label=com.docker.compose.project={self._project}"]
        if not running:
            arguments.append("--all")
        if service:
            arguments += ["--filter", f"label=com.docker.compose.service={service}"]
        return sorted(docker(*arguments).split())

    def inspect(self, name):
        """What Docker knows of a container."""
        return json.loads(docker("inspect", name))[0]

    def service_of(self, name):
        """The service that a container belongs to."""
        return self.inspect(name)["Config"]["Labels"]["com.docker.compose.service"]

    def run_in(self, name, *command):
        """Runs a command in a container; its exit code and what it printed."""
        done = subprocess.run(["docker", "exec", name, *command], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    @staticmethod
    def log(name, *options):
        """What a container has said."""
        command = ["docker", "logs", *options, name]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout

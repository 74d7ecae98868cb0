"""The trial of the whole stack: `tests/deploy/run` prepares it."""

import os
import sys
import time

from person import Person, call
from stack import Stack, docker

# The services whose containers are ours: without rights, and without anywhere to write to.
OURS = ["front", "worker", "nginx", "sandbox", "redis"]
# Services that drop their rights by themselves, and write to their volume alone.
STORES = ["postgres", "s3"]


def say(words):
    """Tells how far the trial is."""
    print(words, flush=True)


def expect(is_so, words):
    """Fails with these words."""
    if not is_so:
        raise AssertionError(words)


def only_nginx_is_published(stack):
    """Nobody outside reaches anything but nginx."""
    for name in stack.containers(running=True):
        published = {port: where for port, where in stack.inspect(name)["NetworkSettings"]["Ports"].items() if where}
        if stack.service_of(name) == "nginx":
            expect(set(published) == {"8080/tcp", "8090/tcp"}, f"{name} publishes {published}")
        else:
            expect(not published, f"{name} publishes {published}")
    say("nothing but nginx is published")


def containers_have_no_rights(stack):
    """Read-only file systems, no root, no capabilities."""
    for service in OURS + STORES:
        for name in stack.containers(service, running=True):
            seen = stack.inspect(name)
            expect(seen["HostConfig"]["ReadonlyRootfs"], f"{name} may write to its file system")
            expect("no-new-privileges:true" in seen["HostConfig"]["SecurityOpt"], f"{name} may gain rights")
            if service in OURS:
                expect(seen["Config"]["User"].split(":")[0] not in ("", "0", "root"), f"{name} runs as root")
                expect("ALL" in seen["HostConfig"]["CapDrop"], f"{name} keeps capabilities")
            code, _ = stack.run_in(name, "sh", "-c", "echo x > /usr/local/bin/x || echo x > /x")
            expect(code != 0, f"{name} wrote a file")
    say("no container of ours has rights, and none may write to its file system")


def only_three_ways_lead_in(stack):
    """Health and metrics stay inside, and what comes in must be signed."""
    outside = f"http://127.0.0.1:{stack.web_port}"
    for path in ["/", "/healthz", "/readyz", "/metrics", "/sandbox/people"]:
        status, _ = call("GET", outside + path)
        expect(status == 404, f"{path} answers {status}")
    status, _ = call("POST", f"{outside}/telegram/webhook", {"update_id": 1})
    expect(status in (401, 403), f"an update without the secret is answered with {status}")
    status, _ = call("POST", f"{outside}/webhooks/fal", {})
    expect(400 <= status < 500, f"a callback without a signature is answered with {status}")
    status, _ = call("PUT", f"{outside}/aisha/x", {})
    expect(status == 403, f"writing to the object store is answered with {status}")
    say("from outside only updates, callbacks and links are let in")


def kill_one(stack, service):
    """Ends a process without a warning."""
    name = stack.containers(service, running=True)[0]
    docker("kill", name)
    say(f"killed {name}")


def draw(person, prompt, meanwhile=lambda: None):
    """Gets an image; something may happen while it is drawn."""
    began = time.monotonic()
    person.order(prompt)
    meanwhile()
    person.receive()
    say(f"{prompt}: {time.monotonic() - began:.1f} s from the words to the image")


def first_answers(stack):
    """How long processes take from their start until they say that they run, by their own logs."""
    for service in ["front", "worker"]:
        for name in stack.containers(service, running=True):
            state = stack.inspect(name)["State"]
            lines = stack.log(name, "--timestamps").splitlines()
            runs = next((line.split(" ")[0] for line in lines if "the bot runs" in line), None)
            say(f"{name}: started {state['StartedAt']}, runs {runs}")


def figures(stack):
    """Sizes and memory."""
    image = os.environ["AISHA_IMAGE"]
    for name in [image, f"{image}-sandbox"]:
        size = int(docker("image", "inspect", "--format", "{{.Size}}", name))
        layers = docker("history", "--format", "{{.Size}}\t{{.CreatedBy}}", "--no-trunc", name).splitlines()
        program = next((line.split("\t")[0] for line in layers if "/programs/" in line or "COPY" in line), "?")
        say(f"image {name}: {size / 1e6:.0f} MB, the program's layer {program}")
    say(docker("stats", "--no-stream", "--format", "{{.Name}}\t{{.MemUsage}}\t{{.CPUPerc}}", *stack.containers(running=True)))


def audit(stack):
    """Every invariant holds."""
    name = stack.containers("worker", running=True)[0]
    code, printed = stack.run_in(name, "bot", "audit")
    expect(code == 0, f"bot audit: {printed}")
    say(f"bot audit: {printed.strip().splitlines()[-1]}")


def main():
    """The whole trial."""
    with Stack(sys.argv[1]) as stack:
        say(f"everything is healthy after {stack.up():.1f} s")
        first_answers(stack)
        only_nginx_is_published(stack)
        containers_have_no_rights(stack)
        only_three_ways_lead_in(stack)
        figures(stack)
        person = Person(f"http://127.0.0.1:{stack.page_port}/sandbox")
        person.begin()
        draw(person, "a red fox in snow")

        def kill_two():
            kill_one(stack, "worker")
            kill_one(stack, "front")

        draw(person, "a harbour at night", kill_two)
        draw(person, "a lighthouse in a storm")
        took = stack.up("--no-recreate", "--scale", "worker=3", "--scale", "front=2")
        expect(len(stack.containers("worker", running=True)) == 3, "three workers were asked for")
        say(f"three workers and two fronts after {took:.1f} s")
        draw(person, "three boats on a lake")
        only_nginx_is_published(stack)
        audit(stack)
        figures(stack)
    say("everything is taken down")


if __name__ == "__main__":
    main()

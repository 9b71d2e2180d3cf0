"""Opens the connection to a camera: resolves its host, keeps to the allowed networks, checks its certificate."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import socket
import ssl
from functools import lru_cache
from ipaddress import ip_address

from footage.rtsp.control.connection import RtspConnection
from footage.rtsp.control.target import StreamTarget
from footage.rtsp.errors import StreamLost
from footage.rtsp.events import LossCause
from footage.rtsp.policy import SessionPolicy


async def connect(target: StreamTarget, policy: SessionPolicy) -> RtspConnection:
    """A connection on which nothing was said yet. Raises StreamLost (UNREACHABLE, REFUSED, UNTRUSTED, PROTOCOL)."""
    connection = RtspConnection(bytes_a_minute=policy.bytes_a_minute, lull=policy.lull)
    try:
        async with asyncio.timeout(policy.connect):
            address = await _address(target, policy)
            await asyncio.get_running_loop().create_connection(
                lambda: connection,
                address,
                target.port,
                ssl=_tls(target.tls_pin == "") if target.tls else None,
                server_hostname=target.host if target.tls else None,
            )
    except TimeoutError:
        advice = "look whether it is switched on and plugged in, and at its address"
        raise _unreachable(target, f"no answer within {policy.connect:g} s; {advice}") from None
    except ssl.SSLCertVerificationError as error:
        raise StreamLost(LossCause.UNTRUSTED, await _not_trusted(target, policy, error)) from None
    except ssl.SSLError as error:
        raise StreamLost(LossCause.PROTOCOL, f"The camera does not speak TLS as asked: {error.reason}.") from None
    except OSError as error:
        raise _unreachable(target, f"{_reason(error)}; {_advice(error)}") from None
    _check_pin(connection, target)
    return connection


async def _not_trusted(target: StreamTarget, policy: SessionPolicy, error: ssl.SSLCertVerificationError) -> str:
    """Why, and the fingerprint by which it can be pinned: seen on a second connection, on which nothing is said."""
    told = f"The camera's certificate is not trusted ({error.verify_message})"
    looking = RtspConnection()
    try:
        async with asyncio.timeout(policy.connect):
            await asyncio.get_running_loop().create_connection(
                lambda: looking,
                await _address(target, policy),
                target.port,
                ssl=_tls(False),
                server_hostname=target.host,
            )
    except (OSError, StreamLost):
        return f"{told}."
    shown = hashlib.sha256(looking.certificate()).hexdigest()
    looking.end(StreamLost(LossCause.STOPPED, "Seen."))
    return f"{told}; its SHA-256 is {shown}."


def _reason(error: OSError) -> str:
    """The system's own words; asyncio puts the address into them, which the sentence has already."""
    if isinstance(error, socket.gaierror) or not error.errno:
        return (error.strerror or str(error)).lower()
    return os.strerror(error.errno).lower()


def _advice(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "check the name of the host, or write its address in figures"
    if isinstance(error, ConnectionRefusedError):
        return "look at the port first (RTSP is usually 554), then whether RTSP is switched on at the camera"
    return "look at its address, its power and its cable"


def _unreachable(target: StreamTarget, why: str) -> StreamLost:
    return StreamLost(LossCause.UNREACHABLE, f"No connection to {target.host} port {target.port}: {why}.")


async def _address(target: StreamTarget, policy: SessionPolicy) -> str:
    """The numeric address to connect to. It is the one that was checked, so that a name cannot change in between."""
    try:
        addresses = [target.host] if ip_address(target.host) else []
    except ValueError:
        addresses = await _resolve(target)
    for address in addresses:
        if policy.allows(ip_address(address.partition("%")[0])):
            return address
    detail = f"The address of {target.host} lies outside the networks that cameras may live in."
    raise StreamLost(LossCause.REFUSED, detail)


async def _resolve(target: StreamTarget) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for _, _, _, _, sockaddr in found]


@lru_cache(maxsize=2)
def _tls(verify: bool) -> ssl.SSLContext:
    """One context for all cameras of a kind: loading the system's authorities takes long and half a megabyte."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _check_pin(connection: RtspConnection, target: StreamTarget) -> None:
    """Raises StreamLost (UNTRUSTED), before a word was said, if the certificate shown is not the pinned one."""
    if not target.tls or target.tls_pin in ("", "any"):
        return
    shown = hashlib.sha256(connection.certificate()).hexdigest()
    if not hmac.compare_digest(shown, target.tls_pin):
        lost = StreamLost(
            LossCause.UNTRUSTED, f"The camera shows another certificate than the pinned one: SHA-256 {shown}."
        )
        connection.end(lost)
        raise lost

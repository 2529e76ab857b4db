"""What went wrong with a folder, local or remote, in words, and the likely cure."""

import errno
from urllib.parse import urlsplit

NO_LOCKS = "locks are not supported there, and two processes could mix their files. Choose another place with --store"
CAUSES = {
    **dict.fromkeys((errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP), NO_LOCKS),
    errno.ENOSPC: "no space is left there. Free some and run the same command again",
    errno.EDQUOT: "the disk quota is used up. Free some and run the same command again",
    errno.EROFS: "it is on a read-only disk. Choose another place with --store",
    errno.EACCES: "permission is denied. Choose another place with --store",
    errno.EPERM: "permission is denied. Choose another place with --store",
    errno.ENOTDIR: "a part of its path is a file. Choose another place with --store",
    errno.EISDIR: "there is a folder in its place. Choose another place with --store",
    errno.EEXIST: "a file is in its place. Choose another place with --store",
}
SERVICES = ("botocore", "aiobotocore", "aiohttp", "gcsfs", "google", "azure", "adlfs")  # whose errors are no OSErrors
CREDENTIALS = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
BAD_CREDENTIALS = ("PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound", "SSOError", "LoginError")


def cause_of(error: Exception) -> str | None:
    """Return what went wrong and its cure, None where the place is not to blame."""
    if is_bucket_missing(error):
        return "there is no such bucket. Make it first, or choose another place with --store"
    if type(error).__module__.partition(".")[0] in SERVICES:
        return _of_service(error)
    if isinstance(error, PermissionError) and error.errno is None:  # a server's refusal
        return f"permission is denied ({line_of(error)}). Check the credentials and what they allow"
    if isinstance(error, NotImplementedError):
        return "it can only be read, or not even listed. Choose another place with --store"
    if isinstance(error, OSError):
        return CAUSES.get(error.errno or 0, f"{error.strerror or line_of(error)}")
    if isinstance(error, ValueError) and "endpoint" in str(error):  # botocore has no error of its own for it
        return f"{line_of(error)}. AWS_ENDPOINT_URL must be a URL such as https://server:9000"
    return None


def is_bucket_missing(error: Exception) -> bool:
    """Whether the bucket itself is missing, not a file in it."""
    response = getattr(error.__cause__, "response", None)
    return isinstance(response, dict) and response.get("Error", {}).get("Code") == "NoSuchBucket"


def _of_service(error: Exception) -> str:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "NoCredentialsError" in kinds:
        return f"no credentials were found. {CREDENTIALS}"
    if not kinds.isdisjoint(BAD_CREDENTIALS):
        return f"{line_of(error)}. {CREDENTIALS}"
    if not kinds.isdisjoint(("ConnectionError", "HTTPClientError")) and "SSLError" not in kinds:
        server = urlsplit(str(getattr(error, "kwargs", {}).get("endpoint_url", ""))).netloc or "the server"
        return f"{server} does not answer. Check the network, and AWS_ENDPOINT_URL where the server is your own"
    return line_of(error)


def line_of(error: Exception) -> str:
    """Return what an error says, in one line."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__

"""Once a day: files that nobody needs any more are removed, and what an interrupted process left unread is read."""

from duban.clock import real_now
from duban.domain.errors import NotStored
from duban.services.inspecting import inspect_unread
from duban.services.storing import tidy
from flows.opening import Opened


def tidied(o: Opened) -> str:
    """Remove uploads given up, files without rows, drafts taken out; answers what to say of it.

    A dry run removes nothing. A disk that is not there is no reason to stop the day's other work.
    """
    if o.store is None:
        return ""
    try:
        inspect_unread(o.engine, o.store, now=o.now)
        found = tidy(o.engine, o.store, now=o.now, real_now=real_now())
    except (NotStored, OSError) as error:
        return f"，文件未清理：{error}"
    return f"，清理文件 {found.files} 个、中断的上传 {found.uploads} 个"

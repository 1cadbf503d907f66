"""Materials that were handed in, into ``Content``. Every file is taken to be hostile.

``reader`` (``read_material``) and ``previews`` (``show_picture``, ``show_page``) are the doors; the file itself is
opened only in a child process (``child``) that has little memory, little time, no network and nothing to write to.
``sniffing`` says what a file is, ``word`` ``workbook`` ``pdf`` ``pictures`` ``plain`` ``archive`` read a kind each,
``office`` has old formats converted by LibreOffice where there is one. Nothing is ever unpacked to disk.

This file imports nothing, so that the child imports only what its kind needs.
"""

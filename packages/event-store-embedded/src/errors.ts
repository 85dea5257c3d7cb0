/** Another process, or another log of this one, works in this folder. */
export class FolderInUse extends Error {
  readonly code = 'folderInUse'
}

/** The file is not a log, is damaged, or was written by a newer Relais. */
export class UnreadableLog extends Error {
  readonly code = 'unreadableLog'
}

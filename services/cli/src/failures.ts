/** Exit codes, documented in the README: a script reads them, a person reads the message. */
export const ExitCode = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const

/** Ends a command with a message for a person and an exit code for a script. */
export class CommandFailed extends Error {
  readonly code = 'commandFailed'
  readonly exitCode: number
  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

export function refused(message: string): CommandFailed {
  return new CommandFailed(message, ExitCode.refused)
}

export function misused(message: string, cause?: unknown): CommandFailed {
  return new CommandFailed(message, ExitCode.usage, { cause })
}

export function unreachable(message: string, cause?: unknown): CommandFailed {
  return new CommandFailed(message, ExitCode.unreachable, { cause })
}

/** Where time passes: handed in, so that a test or a simulation can let it pass at will. */
export type Timers = {
  /** Runs once after so many milliseconds, unless the function it returns is called first. */
  after(milliseconds: number, run: () => void): () => void
}

/** The timers of the process, or of the browser. */
export const systemTimers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

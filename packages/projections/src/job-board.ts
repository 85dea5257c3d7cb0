import type { Job } from '@relais/contracts/http'
import type { FollowLog } from './follower.ts'
import type { OnProgress, RunningProjection } from './projection.ts'

/** Jobs are remembered until so many others have been started. */
const REMEMBERED = 100

type StartedJob = Pick<Job, 'kind' | 'projection'>
export type JobBoard = {
  start(kind: Job['kind'], projection: RunningProjection): string
  read(id: string): Job | undefined
}

/** Jobs that were started, and how far they are. They live as long as the process. */
export function jobBoard({ log, newId }: { log: FollowLog; newId: () => string }): JobBoard {
  const jobs = new Map<string, Job>()

  const remember = (job: Job) => {
    jobs.set(job.jobId, job)
    const [oldest] = jobs.keys()
    if (jobs.size > REMEMBERED && oldest !== undefined) jobs.delete(oldest)
  }
  const change = (jobId: string, news: Partial<Job>) => {
    const job = jobs.get(jobId)
    if (job !== undefined) jobs.set(jobId, { ...job, ...news })
  }
  const work = async (jobId: string, { kind, projection }: StartedJob, run: (progress: OnProgress) => Outcome) => {
    try {
      change(jobId, { ...(await run((progress) => change(jobId, progress))), state: 'done' })
      log.info({ jobId, kind, projection }, 'job done')
    } catch (error) {
      change(jobId, { state: 'failed' })
      log.error({ jobId, kind, projection, error }, 'job failed')
    }
  }

  return {
    read: (jobId) => jobs.get(jobId),
    start(kind, running) {
      const jobId = newId()
      const started = { kind, projection: running.name }
      remember({ ...started, jobId, state: 'running', handled: 0, total: 0 })
      void work(jobId, started, (progress) => running[kind](progress))
      return jobId
    },
  }
}

type Outcome = Promise<Pick<Job, 'checksum' | 'matches'>>

import { Job, listProjections, startJob } from '@relais/contracts/http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { misused, refused } from '../failures.ts'
import { progressBar } from '../output.ts'

const Listed = listProjections.responses[200].content['application/json'].schema
const Started = startJob.responses[202].content['application/json'].schema
const POLL_MILLISECONDS = 100
const services = ['stays', 'patients', 'directory', 'conversations', 'timelines', 'channels', 'protocols']

/** Rebuilds views beside themselves and switches, or only compares; each with its progress. */
export async function runJobs(context: Context, kind: Job['kind'], only: string | undefined): Promise<void> {
  let found = 0
  let differing = 0
  for (const service of services) {
    const listed = await context.api.find({ path: `/operations/${service}/projections` }, Listed)
    for (const { name } of listed?.body.projections ?? []) {
      if (only !== undefined && only !== name) continue
      found += 1
      const job = await runJob(context, service, { kind, projection: name })
      if (job.matches === false) differing += 1
      const verdict = kind === 'rebuild' ? 'rebuilt' : job.matches ? 'identical' : 'DIFFERENT'
      context.out.result(
        { service, ...job },
        `${service}/${name}  ${verdict}  ${job.handled} events  ${job.checksum ?? ''}`,
      )
    }
  }
  if (found === 0) throw misused(`No view is called ${only}: relais ${kind} without a name takes them all`)
  if (differing > 0) throw refused(`${differing} views differ from what the log says: relais rebuild mends them`)
}

async function runJob(
  context: Context,
  service: string,
  body: { kind: Job['kind']; projection: string },
): Promise<Job> {
  const started = await context.api.call({ method: 'POST', path: `/operations/${service}/jobs`, body }, Started)
  const bar = progressBar(`${service}/${body.projection}`)
  for (;;) {
    const { body: job } = await context.api.call({ path: `/operations/${service}/jobs/${started.body.jobId}` }, Job)
    bar.show(job.handled, job.total)
    if (job.state === 'done') {
      bar.end()
      return job
    }
    if (job.state === 'failed')
      throw refused(`${service}/${body.projection}: the job failed; the service's log says why`)
    await wait(POLL_MILLISECONDS)
  }
}

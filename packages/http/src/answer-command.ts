import type { Context } from 'hono'
import { setPosition } from './position.ts'
import { problem, type ProblemKind } from './problems.ts'
import type { RequestEnv } from './request-context.ts'

type Result<Code extends string> =
  | { accepted: true; position: number | undefined }
  | { accepted: false; rejection: { code: Code } }
type Answered<Code extends string> = { result: Result<Code>; problems: Readonly<Record<Code, ProblemKind>> }

/** Answers a command: 204 and where it stands in the log, or the problem of its refusal. */
export function answerCommand<Code extends string>(
  c: Context<RequestEnv>,
  epoch: string,
  { result, problems }: Answered<Code>,
) {
  if (!result.accepted) return problem(c, problems[result.rejection.code])
  setPosition(c, epoch, result.position)
  return c.body(null, 204)
}

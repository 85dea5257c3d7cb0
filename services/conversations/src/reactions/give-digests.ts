import type { Actor } from '@relais/contracts/actor'
import type { ThreadId } from '@relais/contracts/conversations'
import { type Instant, ProfessionalId } from '@relais/contracts/primitives'
import { contextOf, type Deadline } from '@relais/deadlines/deadline'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { DigestCommand, DigestRejection, DigestState } from '../domain/digest.ts'
import type { Handled } from '../posting.ts'
import type { Reading } from '../reading.ts'

type Deps = {
  reading: Pick<Reading, 'threads' | 'preferenceOf'>
  loadDigest: (digestId: string) => Promise<DigestState>
  handleDigest: (id: string, command: DigestCommand, context: CommandContext) => Promise<Handled<DigestRejection>>
  now: () => Instant
}

const MOST_THREADS = 100

/** Tells somebody, as the quiet hours end, of what is still unread: counts only, and of what he or she may read now. */
export function digestGiver({ reading, loadDigest, handleDigest, now }: Deps) {
  async function unreadOf(person: string): Promise<{ threadId: ThreadId; unread: number }[]> {
    const preference = await reading.preferenceOf(person)
    if (!preference.digest) return []
    // In person: what a team is told is for whoever is at work.
    const actor: Actor = { id: ProfessionalId.parse(person), role: 'professionnel', wards: [], scopes: ['thread:read'] }
    const { threads } = await reading.threads(actor, { limit: MOST_THREADS })
    return threads
      .filter(({ thread_id, unread }) => unread > 0 && !preference.muted.includes(thread_id))
      .map(({ thread_id: threadId, unread }) => ({ threadId, unread }))
  }

  return async (deadline: Deadline): Promise<{ position: number | undefined }> => {
    const digestId = deadline.subject
    const { awaited } = await loadDigest(digestId)
    const threads = awaited ? await unreadOf(awaited.person) : []
    const result = await handleDigest(
      digestId,
      { type: 'GiveDigest', threads, at: now() },
      contextOf(deadline, 'conversations'),
    )
    return { position: result.accepted ? result.position : undefined }
  }
}

import { accessTables, type AccessTables } from '@relais/access/facts'
import { deadlineTables, type DeadlineTables } from '@relais/deadlines/deadline'
import type { Table } from '@relais/projections/projection'

/** Each fact writes rows of its own: none has to know what another said. No text of a message is in them. */
export const conversationTables = {
  ...accessTables,
  ...deadlineTables,
  thread: {
    columns: {
      thread_id: 'text',
      kind: 'text',
      key_owner: 'text',
      patient_id: 'text?',
      opened_by: 'text',
      opened_at: 'text',
    },
    key: ['thread_id'],
    indexes: [['patient_id'], ['kind']],
  },
  thread_title: { columns: { thread_id: 'text', title: 'text' }, key: ['thread_id'] },
  thread_closed: { columns: { thread_id: 'text', closed_at: 'text' }, key: ['thread_id'] },
  thread_member: {
    columns: { member: 'text', thread_id: 'text' },
    key: ['member', 'thread_id'],
    indexes: [['thread_id']],
  },
  /** Where in the log a thread was last written in, or else opened. */
  thread_activity: {
    columns: {
      thread_id: 'text',
      position: 'integer',
      post_id: 'text?',
      author: 'text?',
      posted_at: 'text?',
      urgent: 'integer?',
    },
    key: ['thread_id'],
    indexes: [['position']],
  },
  post: {
    columns: {
      post_id: 'text',
      thread_id: 'text',
      position: 'integer',
      author: 'text',
      posted_at: 'text',
      /** JSON of everything but the text. */
      content: 'text',
    },
    key: ['post_id'],
    indexes: [['thread_id', 'position']],
  },
  /** The document of each text that a message had. */
  post_version: {
    columns: { post_id: 'text', position: 'integer', at: 'text', document_id: 'text' },
    key: ['post_id', 'position'],
  },
  post_withdrawn: { columns: { post_id: 'text', at: 'text', reason: 'text?' }, key: ['post_id'] },
  thread_mark: {
    columns: {
      thread_id: 'text',
      person: 'text',
      receipt: 'text',
      /** Empty of what was read, and where it is not said which. */
      device: 'text',
      post_id: 'text',
      /** Where the message stands in its log. */
      place: 'integer',
      at: 'text',
    },
    key: ['thread_id', 'person', 'receipt', 'device'],
  },
  preference: {
    columns: { person: 'text', has_digest: 'integer', preference: 'text' },
    key: ['person'],
    indexes: [['has_digest']],
  },
  /** In whose circles somebody is: the facts about access are found by patient only. */
  circle_place: {
    columns: { member_id: 'text', patient_id: 'text', role: 'text' },
    key: ['member_id', 'patient_id', 'role'],
  },
  /** Which stays went through a ward, and how each now stands. */
  ward_stay: { columns: { ward: 'text', stay_id: 'text' }, key: ['ward', 'stay_id'] },
  stay_now: { columns: { stay_id: 'text', ended_at: 'text?', wards: 'text' }, key: ['stay_id'] },
  /** The entries of pathways, which messages may quote. */
  quotable: { columns: { entry_id: 'text', patient_id: 'text', stay_id: 'text?' }, key: ['entry_id'] },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type ConversationTables = AccessTables &
  DeadlineTables & {
    thread: {
      thread_id: string
      kind: string
      key_owner: string
      patient_id: string | null
      opened_by: string
      opened_at: string
    }
    thread_title: { thread_id: string; title: string }
    thread_closed: { thread_id: string; closed_at: string }
    thread_member: { member: string; thread_id: string }
    thread_activity: {
      thread_id: string
      position: number
      post_id: string | null
      author: string | null
      posted_at: string | null
      urgent: number | null
    }
    post: {
      post_id: string
      thread_id: string
      position: number
      author: string
      posted_at: string
      content: string
    }
    post_version: { post_id: string; position: number; at: string; document_id: string }
    post_withdrawn: { post_id: string; at: string; reason: string | null }
    thread_mark: {
      thread_id: string
      person: string
      receipt: string
      device: string
      post_id: string
      place: number
      at: string
    }
    preference: { person: string; has_digest: number; preference: string }
    circle_place: { member_id: string; patient_id: string; role: string }
    ward_stay: { ward: string; stay_id: string }
    stay_now: { stay_id: string; ended_at: string | null; wards: string }
    quotable: { entry_id: string; patient_id: string; stay_id: string | null }
  }

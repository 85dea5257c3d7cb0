import type { MovementKind } from '@relais/contracts/movements'
import type { readStay } from '@relais/contracts/stay-routes'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useActOn } from '../../acts/acts.tsx'
import type { AnswerOf } from '../../api/call.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { useWords } from '../../messages/language.tsx'
import { MovementDialog } from './movement-dialog.tsx'
import { movementsOf, newMovement } from './movement-draft.ts'
import { stayWords } from './stay-words.ts'
import styles from './ward.module.css'

/** What may be said next of a stay. */
export function SayMovement({ code, stay }: { code: string; stay: AnswerOf<typeof readStay> }) {
  const words = useWords(stayWords)
  const [kind, setKind] = useState<MovementKind>()
  const { standing, stayId } = stay
  const act = useActOn(`stay/${stayId}`)
  const isWaiting = act !== undefined && act.state !== 'refused'
  const kinds = movementsOf(standing)
  const isThere = standing.status === 'present' || standing.status === 'onLeave'
  if (kinds.length === 0) return null
  return (
    <section className="unprinted" aria-label={words.actions}>
      <div className={styles.actions}>
        {isThere && (
          <Link
            to="/ward/$code/stays/$stayId/discharge"
            params={{ code, stayId }}
            className={styles.link ?? ''}
            data-kind="primary"
          >
            {words.dischargeNow}
          </Link>
        )}
        {kinds.map((one) => (
          <Button key={one} onPress={() => setKind(one)} isDisabled={isWaiting}>
            {words.say[one]}
          </Button>
        ))}
        {isWaiting && <Badge tone="warn">{words.waiting}</Badge>}
      </div>
      {kind && (
        <MovementDialog
          title={words.say[kind]}
          name={`${kind}.${stayId}`}
          initial={() => newMovement(kind, standing, () => crypto.randomUUID())}
          stay={stay}
          path={`/stays/${stayId}/movements`}
          onClose={() => setKind(undefined)}
        />
      )}
    </section>
  )
}

import { useNow } from '../live/now.ts'
import { useLanguage } from '../messages/language.tsx'
import { fullMoment, moment, relative } from '../messages/times.ts'

/** When: `14:32 (il y a 12 min)`. The whole date is what a pointer, a printer and a reader of the page's source find. */
export function Moment({ at, only }: { at: string; only?: 'absolute' | 'relative' }) {
  const now = useNow()
  const { language } = useLanguage()
  const absolute = moment(at, now, language)
  const distance = relative(at, now, language)
  return (
    <time dateTime={at} title={fullMoment(at, language)}>
      {only === 'relative' ? distance : only === 'absolute' ? absolute : `${absolute} (${distance})`}
    </time>
  )
}

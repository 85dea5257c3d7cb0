import { Button } from '../../design/button.tsx'
import { useWords } from '../../messages/language.tsx'
import type { Behind } from './statistics-data.ts'
import { statisticsWords } from './statistics-words.ts'

/** A figure, and the way to the events behind it. */
export function FigureButton({
  count,
  behind,
  onShow,
}: {
  count: number
  behind: Behind
  onShow: (behind: Behind) => void
}) {
  const words = useWords(statisticsWords)
  if (count === 0) return <span>0</span>
  return (
    <Button kind="quiet" label={words.show(count, behind.title)} onPress={() => onShow(behind)}>
      {String(count)}
    </Button>
  )
}

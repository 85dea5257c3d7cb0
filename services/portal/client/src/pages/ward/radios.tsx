import { useId } from 'react'
import styles from './ward.module.css'

/** One of a few, all of them seen at once: for a thumb in a corridor. */
export function Radios<Value extends string>({
  legend,
  value,
  options,
  onChange,
  error,
}: {
  legend: string
  value: Value | ''
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
  error?: string | undefined
}) {
  const name = useId()
  const errorId = useId()
  return (
    <fieldset className={styles.radios} aria-describedby={error === undefined ? undefined : errorId}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.radio}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
      {error !== undefined && (
        <p id={errorId} className={styles.error}>
          {error}
        </p>
      )}
    </fieldset>
  )
}

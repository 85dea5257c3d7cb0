import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField } from 'react-aria-components/TextField'
import styles from './field.module.css'

type Common = { label: string; help?: string; error?: string | undefined; isRequired?: boolean }

/** One line of text, or several with `rows`. */
export function Field({
  label,
  help,
  error,
  rows,
  value,
  onChange,
  type = 'text',
  ...rest
}: Common & {
  value: string
  onChange: (value: string) => void
  rows?: number
  type?: 'text' | 'search' | 'tel' | 'number' | 'date' | 'time' | 'datetime-local'
  autoFocus?: boolean
  maxLength?: number
  isDisabled?: boolean
  name?: string
  id?: string
  /** For what a key does beside writing. */
  onKeyDown?: (event: KeyboardEvent) => void
}) {
  return (
    <TextField
      className={styles.field ?? ''}
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      {...rest}
      {...(rows === undefined ? { type: nativeType(type) } : {})}
    >
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input className={styles.input ?? ''} type={type} />
      ) : (
        <TextArea className={styles.input ?? ''} rows={rows} />
      )}
      {help !== undefined && (
        <Text slot="description" className={styles.help ?? ''}>
          {help}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </TextField>
  )
}

/** The types that a text field of the library knows; dates and times are the browser's own fields. */
const nativeType = (type: string) => (type === 'search' || type === 'tel' ? type : 'text')

/** One of a few values, with the device's own list: it is the one that everybody knows how to use, on a phone too. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
  isRequired,
  error,
  id,
}: {
  label: string
  value: Value | ''
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
  isRequired?: boolean
  error?: string | undefined
  id?: string
}) {
  const own = useId()
  const fieldId = id ?? own
  return (
    <div className={styles.field}>
      <label htmlFor={fieldId}>{label}</label>
      <select
        id={fieldId}
        className={styles.input}
        value={value}
        required={isRequired}
        {...(error === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${fieldId}-error` })}
        // Only values of `options` are in the list.
        onChange={(event) => onChange(event.target.value as Value)}
      >
        {value === '' && <option value="">—</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {error !== undefined && (
        <span id={`${fieldId}-error`} className={styles.error}>
          {error}
        </span>
      )}
    </div>
  )
}

/** Yes or no, for a setting. */
export function Tick({
  children,
  isOn,
  onChange,
}: {
  children: ReactNode
  isOn: boolean
  onChange: (isOn: boolean) => void
}) {
  return (
    <label className={styles.tick}>
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      <span>{children}</span>
    </label>
  )
}

type FilterFieldProps = {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  readonly placeholder?: string
}
/** A text that filters what is listed; it is in the address once typing pauses. */
export declare function FilterField({
  label,
  value,
  onChange,
  placeholder,
}: FilterFieldProps): import('react').JSX.Element
export {}
//# sourceMappingURL=FilterField.d.ts.map

import { type ReactNode } from 'react'
type CopyProps = {
  readonly text: string
  /** What is copied, for those who do not see the icon. */
  readonly label: string
  readonly children?: ReactNode
}
/** Copies `text` and says that it did. */
export declare function CopyButton({ text, label, children }: CopyProps): import('react').JSX.Element
/** A command or a block of settings, to be copied whole. */
export declare function Command({
  text,
  label,
}: {
  readonly text: string
  readonly label: string
}): import('react').JSX.Element
export {}
//# sourceMappingURL=Copy.d.ts.map

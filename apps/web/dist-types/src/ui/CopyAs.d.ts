type CopyAsProps = {
  /** The command line that shows the same. */
  readonly command: string
  /** What JSON gives. */
  readonly value: unknown
  /** Path of the API that answers it. */
  readonly api: string
}
/** The same thing as a link, a command, a request or JSON. */
export declare function CopyAs({ command, value, api }: CopyAsProps): import('react').JSX.Element
export {}
//# sourceMappingURL=CopyAs.d.ts.map

/** Every path of the workspace, as the router matches it. Links are built from these and nothing else. */
export declare const paths: {
  readonly agents: '/'
  readonly agent: '/agents/$agent'
  readonly conversation: '/conversations/$conversation'
  readonly tail: '/tail'
  readonly integrity: '/integrity'
  readonly search: '/search'
}
/** A path that an answer named, or undefined where it would lead out of this workspace. */
export declare function safePath(href: string): string | undefined
//# sourceMappingURL=paths.d.ts.map

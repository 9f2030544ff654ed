/** What a reader sets for this browser. Not state of a page, so not in the address. */
export type Preferences = {
  readonly theme: 'system' | 'light' | 'dark'
  readonly keys: 'on' | 'off'
}
/** One preference and its setter, the same everywhere on the page. */
export declare function usePreference<K extends keyof Preferences>(
  name: K,
): [Preferences[K], (value: Preferences[K]) => void]
//# sourceMappingURL=preferences.d.ts.map

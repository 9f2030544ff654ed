import { type KeyName } from './keys.ts'
/** Binds one row of the keyboard table while the component is shown. */
export declare function useKey(name: KeyName, act: () => void, isEnabled?: boolean): void
//# sourceMappingURL=use-key.d.ts.map

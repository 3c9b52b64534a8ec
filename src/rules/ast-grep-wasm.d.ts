/** What @ast-grep/wasm gives beside its own declarations: the glue, to be bound to its WebAssembly by hand. */
declare module '@ast-grep/wasm/wasm_bg.js' {
  export function __wbg_set_wasm(exports: object): void;
  export function initializeTreeSitter(): Promise<void>;
  export function registerDynamicLanguage(
    languages: Record<string, { libraryPath: string; expandoChar: string }>,
  ): Promise<void>;
  export function parse(
    language: string,
    text: string,
  ): {
    root(): { id(): number; matches(matcher: unknown): boolean; findAll(matcher: unknown): unknown[]; free(): void };
    getInnerTree(): { delete(): void } | undefined;
    free(): void;
  };
}

/** https://developer.mozilla.org/docs/WebAssembly/Reference/JavaScript_interface/instantiate_static */
declare namespace WebAssembly {
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ readonly instance: { readonly exports: object } }>;
}

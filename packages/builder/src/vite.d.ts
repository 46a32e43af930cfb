/** What Vite puts in place of these when it builds. */
interface ImportMetaEnv {
  MODE: string
}
interface ImportMeta {
  readonly env: ImportMetaEnv
}
declare module '*.css'
declare module '*?worker&url' {
  const address: string
  export default address
}

/** The one function of Node's own that the build asks for; its whole types are a package that nothing else needs. */
declare module "node:fs" {
  export function readdirSync(path: string): string[];
}

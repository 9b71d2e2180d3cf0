/** govuk-frontend ships no types; these are the parts that are used. */
declare module "govuk-frontend" {
  export class ErrorSummary { constructor(root: Element, config?: { disableAutoFocus?: boolean }); }
  export class Button { constructor(root: Element, config?: { preventDoubleClick?: boolean }); }
  export class PasswordInput { constructor(root: Element); }
}

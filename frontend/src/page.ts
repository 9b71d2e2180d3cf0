/** The pages work without this; it adds what GOV.UK Frontend's components do better with script. */
import { Button, ErrorSummary, PasswordInput } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const element of document.querySelectorAll<HTMLElement>("[data-module='govuk-error-summary']")) new ErrorSummary(element);
for (const element of document.querySelectorAll<HTMLElement>("[data-module='govuk-button']")) new Button(element, { preventDoubleClick: true });
for (const element of document.querySelectorAll<HTMLElement>("[data-module='govuk-password-input']")) new PasswordInput(element);

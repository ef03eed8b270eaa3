/**
 * Stands in for the validator that the form library's own tests import: it would compile schemas to code, which the content
 * security policy forbids. Nothing that runs uses it.
 */
export { validator as default } from "./validator";

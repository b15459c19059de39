/** The part of the widget that is loaded when somebody wants to speak: built apart, as one file. */
export { createCall } from "./part";

// Starts the components of govuk-frontend that are on this page. Every page works without it.
import { initAll } from "/assets/components.js";

initAll();

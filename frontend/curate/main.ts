import "../lib/choir-live";
import "../lib/choir-player";

import "../lib/choir-player";

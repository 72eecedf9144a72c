import "../lib/choir-phrase";
import "./choir-about";
import "./choir-adopt";
import "./choir-speakers";
import "./choir-token";

"""Files by their content: plain files under a folder, named by SHA-256. It knows no database and no names."""

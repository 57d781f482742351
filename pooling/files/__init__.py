"""What people send as files: tables read line by line as words, photos, documents."""

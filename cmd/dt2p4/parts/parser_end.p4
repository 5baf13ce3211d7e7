        transition accept;
    }
}
